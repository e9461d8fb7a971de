/** What a project begins with, besides its policies: the configuration, a hook, a job for CI. */
import { scalar } from './write.ts';

export interface FirstFiles {
  /** The name of the cluster, and where its connection string is read from. */
  readonly cluster: string;
  readonly uri: { readonly fromEnv: string } | { readonly fromFile: string };
  readonly policies: string;
  readonly hook: boolean;
  readonly ci: 'github' | 'gitlab' | 'none';
}

/** Texts by their paths. */
export function firstFiles({ cluster, uri, policies, hook, ci }: FirstFiles): ReadonlyMap<string, string> {
  const source = 'fromEnv' in uri ? `fromEnv: ${uri.fromEnv}` : `fromFile: ${scalar(uri.fromFile)}`;
  const files = new Map([
    [
      'mongoward.config.yaml',
      `# Where the policies are, and the clusters that they are for. No secret belongs in here.
policies: [${scalar(policies)}]
clusters:
  ${scalar(cluster)}:
    uri: { ${source} }
`,
    ],
  ]);
  if (hook) files.set('.pre-commit-config.yaml', hookText(policies));
  if (ci === 'github') files.set('.github/workflows/mongoward.yml', githubText());
  if (ci === 'gitlab') files.set('.gitlab-ci.yml', gitlabText());
  return files;
}

function hookText(policies: string): string {
  const below = policies.replace(/^\.?\/|\/$/g, '').replaceAll('.', '\\.');
  return `repos:
  - repo: local
    hooks:
      - id: mongoward-policy-lint
        name: mongoward policy lint
        # npx takes the program from the project's node_modules, else from the PATH, and never from the registry.
        entry: npx --no mongoward policy lint
        language: system
        files: '^${below}/.*\\.(ya?ml|json)$'
        require_serial: true
`;
}

function githubText(): string {
  return `name: Access control
on:
  pull_request:
  push: { branches: [main] }
permissions: { contents: read }
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - uses: actions/setup-node@v7
        with: { node-version: "22" }
      # mongoward is one of the project's devDependencies: npx takes it from there, and from nowhere else.
      - run: npm ci
      - run: npx --no mongoward policy lint --format github
`;
}

function gitlabText(): string {
  return `mongoward:
  image: node:22
  script:
    # mongoward is one of the project's devDependencies: npx takes it from there, and from nowhere else.
    - npm ci
    - npx --no mongoward policy lint --format junit > mongoward.xml
  artifacts:
    when: always
    reports: { junit: mongoward.xml }
`;
}
