/** The JavaScript blocks of a text in Markdown, in order. Each is a complete module. */
export function examplesIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** Whether an example connects, to the server that it finds in the environment. */
export function needsCluster(code: string): boolean {
  return code.includes('process.env.MONGODB_URI');
}
