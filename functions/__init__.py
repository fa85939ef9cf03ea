"""What Lambda runs: HTTP and event edges only. One folder is one function; functions never import each other."""
