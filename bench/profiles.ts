/** Where the time goes of what takes longer than is wanted, and what the least is that it could take; by the figure's id. */
export const PROFILES: Readonly<Record<string, string>> = {
  'start/lint':
    'of what comes on top of an empty Node.js a third is asking the rules, a quarter compiling and starting 850 KB of code, a sixth reading the command line; parsing YAML, Node.js’s own modules for streams and hashing, and collecting garbage take about a twelfth each (sampled by `--cpu-prof`). Without any linting, `policy lint --help` takes 1.9 times an empty Node.js: that is the floor for code of this size that is compiled anew each time. Node.js from 22.8 on keeps it compiled.',
  'lint/large':
    'reading YAML takes a quarter of the processor’s time, the rules more than a third, of which comparing how names look takes the most, collecting garbage a sixth, compiling the policy and its hash a tenth (sampled by `--cpu-prof`). The floor is parsing, with the places of all values, which findings need and parsing alone does not keep.',
};
