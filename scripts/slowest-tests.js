/** A reporter for node's test runner: the ten tests that took longest. */
export default async function* slowestTests(source) {
  const tests = [];
  for await (const { type, data } of source) {
    if ((type === 'test:pass' || type === 'test:fail') && data.details.type !== 'suite') tests.push(data);
  }
  const slowest = tests.sort((a, b) => b.details.duration_ms - a.details.duration_ms).slice(0, 10);
  if (tests.length > 10) {
    yield '\nslowest\n';
    for (const { name, details } of slowest)
      yield `${(details.duration_ms / 1000).toFixed(1).padStart(6)} s  ${name}\n`;
  }
}
