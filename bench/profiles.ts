/** Where the time goes of what takes longer than is wanted, and what the least is that it could take; by the figure's id. */
export const PROFILES: Readonly<Record<string, string>> = {
  'start/lint':
    'of what comes on top of an empty Node.js a third is asking the rules, a quarter compiling and starting 850 KB of code, a sixth reading the command line; parsing YAML, Node.js’s own modules for streams and hashing, and collecting garbage take about a twelfth each (sampled by `--cpu-prof`). Without any linting, `policy lint --help` takes 1.9 times an empty Node.js: that is the floor for code of this size that is compiled anew each time. Node.js from 22.8 on keeps it compiled.',
  'lint/large':
    'reading YAML with the places of all values takes three eighths, the rules more than a quarter, none of them more than 6 %, collecting garbage a fifth, compiling the policy a fifteenth and its hash as much (sampled by `--cpu-prof`). The floor is parsing, with the places of all values, which findings need and parsing alone does not keep: without any rule, and without hash and garbage, linting would take about 0.9 times the parsing that it is compared with.',
  'who/large':
    'reading the snapshot takes more than two fifths: `JSON.parse` of its 21 MB alone a sixth, making sure that no key stands twice and nothing is hidden an eighth, its shape and its canonical form a seventh. Working out who can takes a quarter, collecting garbage a seventh, starting a tenth (sampled by `--cpu-prof`). The floor is an empty Node.js that parses the same file and does nothing with it: 250 ms.',
  'plan/wide':
    'making and ordering 100,000 operations takes more than a fifth, solving a fifth, what the plan means for accounts a sixth, collecting garbage a seventh, reading a tenth, printing and looking for violations a twentieth each (sampled by `--cpu-prof`). What depends on roles alone is worked out once. What is left is a few steps for each of 50,000 accounts, none of which takes more than a twentieth. The floor is starting and reading the snapshot, about a tenth.',
  'plan/own':
    'solving takes more than a quarter, what the plan means for accounts a fifth, what is violated before and after an eighth, making and ordering operations a tenth, collecting garbage a seventh, reading the snapshot a twelfth (sampled by `--cpu-prof`). The users hold 10,000 different sets of roles, each of which inherits dozens: each set is worked out by itself, and once. The floor is starting and reading the snapshot, about a tenth.',
  'live/again': 'it is that of a drift report, below: the same is read, and the journal.',
  'live/drift':
    'of the processor’s time more than a third is loading and starting code, the driver a third of that; talking to the server and its BSON takes a quarter, reading and compiling the policy an eighth, collecting garbage a twentieth, the report and reading the command line a thirtieth each; the rest is Node.js itself (sampled by `--cpu-prof`). The floor is what the bare script does, with the code of the program beside it: 1.65 MB that is compiled anew each time.',
  'live/apply':
    'each operation waits for what it stands on, is written to the journal before and after, and what was written is read again; the bare script sends all at once and reads nothing. Start and reading are as in a drift report.',
  'live/clusters':
    'ten clusters are read side by side by one process, on one server and two processors: each connection logs in, and each report is worked out by itself, one after the other. The policy is compiled once.',
};
