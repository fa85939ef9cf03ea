// What standard input says, line by line.
export async function lines() {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  return text.split("\n").filter(Boolean);
}
