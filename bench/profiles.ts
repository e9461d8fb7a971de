/** Where the time goes of what takes longer than is wanted, and what the least is that it could take; by the figure's id. */
export const PROFILES: Readonly<Record<string, string>> = {
  'start/lint':
    'of what comes on top of an empty Node.js a third is linting, most of it the rules, and another third reading the compiled code that was kept and starting it; parsing YAML, reading the command line, Node.js’s own modules for hashing, sums and streams, and collecting garbage take about a twelfth each (sampled by `--cpu-prof`). The floor is loading the code: without any linting, `policy lint --help` takes one and three quarters of an empty Node.js.',
  'start/lint-newer':
    'this Node.js starts empty in half of the time that the other takes, and what the command adds is as much: about 100 ms, of which half is reading the compiled code, starting it and loading Node.js’s own modules for hashing, sums and streams, and three tenths are linting (sampled by `--cpu-prof`). The floor is loading the code: without any linting, `policy lint --help` takes 2.4 times an empty Node.js there.',
  'lint/large':
    'reading YAML with the places of all values takes two fifths, the rules more than a quarter, none of them more than 6 %, collecting garbage a fifth, compiling the policy a fourteenth and its hash as much (sampled by `--cpu-prof`). The floor is parsing, with the places of all values, which findings need and parsing alone does not keep.',
  'who/large':
    'reading the snapshot takes more than a third: `JSON.parse` of its 21 MB alone a tenth, making sure that no key stands twice and nothing is hidden a twelfth, its shape and its canonical form a ninth. Working out who can takes a quarter, collecting garbage a seventh, starting a tenth (sampled by `--cpu-prof`). The floor is an empty Node.js that parses the same file and does nothing with it: 250 ms.',
  'plan/wide':
    'reading takes a fifth and collecting garbage as much, solving a seventh, what the plan means for accounts a ninth, making and ordering 100,000 operations a tenth, looking for violations a fourteenth, starting and printing a twentieth each (sampled by `--cpu-prof`). What depends on roles alone is worked out once. What is left is a few steps for each of 50,000 accounts, none of which takes more than a twentieth. The floor is starting and reading the snapshot, about a quarter.',
  'plan/own':
    'solving and collecting garbage take a sixth each, what the plan means for accounts and what is violated a seventh each, telling what is rewritten and reading the snapshot a tenth each (sampled by `--cpu-prof`). The users hold 10,000 different sets of roles, each of which inherits dozens: each set is worked out by itself, and once. The floor is starting and reading the snapshot, about a seventh.',
  'live/apply':
    'each operation waits for what it stands on, is written to the journal before and after, and the state is read three times: for the plan, under the lock, and for the proof. The bare script sends all at once and reads nothing. Of the time on the wire the three readings take a quarter, the lock and the journal a twelfth, and the commands more than three fifths (seen between the program and the server). The floor, as long as nobody else may write meanwhile and what was done is proven, are the commands with the lock, the journal and the readings beside them: more than one and a half times the commands.',
  'live/clusters':
    'ten clusters are read side by side by one process, on one server and two processors: each connection logs in, and each report is worked out by itself, one after the other. The policy is compiled once. Alone, one such report takes little longer than starting. The floor is one report and what the server does for nine more: together twice the time of one.',
  'tests/every-day':
    'two processors are busy all the time. A quarter is Mongoward’s own code, which most tests run through as a whole command and each group of files compiles anew, and nearly another quarter connecting, logging in and speaking to sandboxes: the driver, BSON, sockets and hashing. Collecting garbage takes a tenth, some hundred programs that tests start an eighth, Node.js 20 following every promise of a test a fourteenth, reading YAML and command lines a twelfth (sampled by `--cpu-prof`). No file takes more than a fifteenth. The floor is starting a process for each of three groups and bundling the tests for them: 6 s.',
  'tests/all':
    'all runs of the tests take about four fifths, most of it as every day, the rest property tests at their full length; installing, checking types and style, packing and trying the package take the rest.',
  'lint/growth':
    'collecting garbage takes three tenths of the time at 5,000 roles and more than a third at 20,000, since each collection goes through all that is in memory (sampled by `--cpu-prof`). Over all sizes together a step takes less than twice the time.',
  'who/growth':
    'nothing in it grows by a square. Collecting garbage takes an eighth of the time at 50,000 users and a fifth at 200,000, since each collection goes through all that is in memory (sampled by `--cpu-prof`). Over all sizes together a step takes less than twice the time.',
  'plan/growth':
    'nothing in it grows by a square. What is looked up no longer fits into what the processor keeps near: at 200,000 users the same look-ups take about twice as long for each user as at 50,000, and collecting garbage takes a fifth (sampled by `--cpu-prof`). Over all sizes together a step takes less than twice the time.',
};
