"""Links that prove who sent them: unsubscribing, tracking, confirming, managing, reviewing, downloading."""
