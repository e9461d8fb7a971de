/** `policy explain`: what a rule is about, from its page. */
import { DRIFT_RULES } from '../drift/rules.ts';
import { Failure } from '../failure.ts';
import { RULES } from '../lint/rules.ts';
import { didYouMean } from '../policy/nearest.ts';
import { pageText, ruleListText } from '../report/rule-text.ts';
import { defineCommand } from './command.ts';
import { ruleHelp } from './rule-pages.ts';

export const policyExplain = defineCommand({
  command: 'explain [rule]',
  describe: 'Say what a rule is about, and how to mend what it finds',
  examples: [
    ['$0 policy explain protection/append-only', 'What could happen, and how to mend it'],
    ['$0 policy explain drift/changed', 'The same of what drift report finds'],
    ['$0 policy explain', 'Every rule, with its severity and what it finds'],
  ],
  options: (yargs) => yargs.positional('rule', { type: 'string', describe: 'The name of a rule, family/what' }),
  run: async ({ rule }, terminal) => {
    if (rule === undefined) {
      terminal.out(`${ruleListText(RULES, DRIFT_RULES, terminal.paint)}\n`);
      return 0;
    }
    const help = ruleHelp(rule);
    if (help === undefined) {
      const known = [...RULES, ...DRIFT_RULES].map(({ name }) => name);
      throw new Failure(`there is no rule "${rule}"${didYouMean(rule, known)}`, {
        advice: 'mongoward policy explain, without a name, lists them',
      });
    }
    terminal.out(`${pageText(help.page, terminal.paint)}\n`);
    return 0;
  },
});
