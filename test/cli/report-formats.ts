/** The reports that go out in many forms, by the line that asks for each, where `policies/` and `s.json` lie. */
const FINDINGS = ['text', 'json', 'sarif', 'junit', 'github', 'markdown'];

export const REPORTS: Readonly<Record<string, readonly string[]>> = {
  'policy lint': FINDINGS,
  'drift report --snapshot s.json': [...FINDINGS, 'html', 'csv', 'prometheus'],
  'migrate plan --snapshot s.json': [...FINDINGS, 'mongosh'],
  'policy who --snapshot s.json alter shop.trail': ['text', 'json', 'csv', 'markdown'],
  'policy show': ['text', 'json'],
  'policy diff policies s.json': ['text', 'json'],
};
