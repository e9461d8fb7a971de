/** `policy explain`: what a rule is about, from its page. */
import { Failure } from '../failure.ts';
import { unknownRule } from '../lint/levels.ts';
import { RULES } from '../lint/rules.ts';
import { pageText, ruleListText } from '../report/rule-text.ts';
import { defineCommand } from './command.ts';
import { ruleHelp } from './rule-pages.ts';

export const policyExplain = defineCommand({
  command: 'explain [rule]',
  describe: 'Say what a rule of the linter is about, and how to mend what it finds',
  examples: [
    ['$0 policy explain protection/append-only', 'What could happen, and how to mend it'],
    ['$0 policy explain', 'Every rule, with its severity and what it finds'],
  ],
  options: (yargs) => yargs.positional('rule', { type: 'string', describe: 'The name of a rule, family/what' }),
  run: async ({ rule }, terminal) => {
    if (rule === undefined) {
      terminal.out(`${ruleListText(RULES, terminal.paint)}\n`);
      return 0;
    }
    const help = ruleHelp(rule);
    if (help === undefined) {
      throw new Failure(unknownRule(rule), { advice: 'mongoward policy explain, without a name, lists them' });
    }
    terminal.out(`${pageText(help.page, terminal.paint)}\n`);
    return 0;
  },
});
