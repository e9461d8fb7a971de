/** `migrate plan`: what would change, and what it means. */
import { Failure } from '../failure.ts';
import { planJson } from '../report/json.ts';
import { jsonText } from '../report/json-text.ts';
import { count } from '../report/layout.ts';
import { planFindings } from '../report/plan-findings.ts';
import { planText } from '../report/plan-text.ts';
import { stateTitle } from '../report/state-title.ts';
import { defineCommand } from './command.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { rejection } from './executing.ts';
import { withFormat } from './inputs.ts';
import { planOnPending, withPlanning } from './planning.ts';
import { printReport, REPORT_FORMATS } from './rendered.ts';

export const migratePlan = defineCommand({
  command: 'plan',
  describe: 'Show what would change on a cluster, and which access that gives and takes',
  examples: [
    ['$0 migrate plan --cluster prod', 'Plan against a cluster of the configuration'],
    ['$0 migrate plan --snapshot prod.json --check', 'Exit with 1 if there is anything to do'],
  ],
  options: (yargs) =>
    withPlanning(withTimestamp(withFormat(yargs, REPORT_FORMATS)))
      .option('full', { type: 'boolean', default: false, describe: 'Show what is folded otherwise, too' })
      .option('check', {
        type: 'boolean',
        default: false,
        describe: 'Exit with 1 if there is anything to do, or if it would violate a policy',
      }),
  run: async (args, terminal) => {
    const { config, policy, intent, plan, violations, pending, state, name, kind } = await planOnPending(
      terminal,
      args,
      false,
    );
    const title = (): string => stateTitle(`Plan for policy "${intent.policy}"`, name, state, terminal.paint);
    const evidence = reportEvidence(terminal, args, { policies: policy.ofRun(), sources: [{ kind, name, state }] });
    const shown = { pending, violations, full: args.full, evidence };
    await printReport(terminal, args.format, {
      evidence,
      text: () => `${title()}\n\n${planText(plan, terminal.paint, shown)}\n`,
      json: () => jsonText(planJson(plan, evidence, pending, violations)),
      findings: (facts) => planFindings(plan, violations, name, intent.files, facts),
    });
    const rejected = rejection(policy, terminal, args, config);
    if (rejected.length > 0) {
      terminal.err(`migrate apply will refuse this: the linter rejects the policy "${intent.policy}"\n`);
      for (const reason of rejected) terminal.err(`  ${reason}\n`);
    }
    if (plan.obstacles.length > 0) {
      throw new Failure(`${count(plan.obstacles.length, 'obstacle')} in the way: nothing of this plan can be applied`, {
        advice: 'the plan names each, and what to do about it',
      });
    }
    return args.check && plan.operations.length + violations.length > 0 ? 1 : 0;
  },
});
