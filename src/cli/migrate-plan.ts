/** `migrate plan`: what would change, and what it means. */
import type { Violation } from '../access/violations.ts';
import { Failure } from '../failure.ts';
import type { MigrationFile } from '../migrate/directory.ts';
import { refuseSecrets } from '../migrate/refuse-secrets.ts';
import { planJson } from '../report/json.ts';
import { jsonText } from '../report/json-text.ts';
import { count } from '../report/layout.ts';
import { mongoshScript } from '../report/mongosh/script.ts';
import { planFile } from '../report/plan-file.ts';
import { planFindings } from '../report/plan-findings.ts';
import { planMarkdown } from '../report/plan-markdown.ts';
import { planText } from '../report/plan-text.ts';
import { stateTitle } from '../report/state-title.ts';
import { defineCommand } from './command.ts';
import { withFormat, withFull } from './common-options.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { rejection } from './executing.ts';
import { clusterOption } from './inputs.ts';
import { writePlan } from './plan-files.ts';
import { planOnPending, rotatedUser, withPlanning } from './planning.ts';
import { printReport, REPORT_FORMATS } from './rendered.ts';

export const migratePlan = defineCommand({
  command: 'plan',
  describe: 'Show what would change on a cluster, and which access that gives and takes',
  examples: [
    ['$0 migrate plan --cluster prod', 'Plan against a cluster of the configuration'],
    ['$0 migrate plan --snapshot prod.json --check', 'Exit with 1 if there is anything to do'],
    ['$0 migrate plan --cluster prod --format mongosh', 'The same commands as a script, without secrets'],
    ['$0 migrate plan --cluster prod -o plan.json', 'Write it for approval: apply --plan carries it out, or stops'],
  ],
  options: (yargs) =>
    withFull(withPlanning(withTimestamp(withFormat(yargs, [...REPORT_FORMATS, 'mongosh']))))
      .option('output', {
        type: 'string',
        alias: 'o',
        requiresArg: true,
        describe: 'Write the plan to this file, for migrate apply --plan',
      })
      .option('check', {
        type: 'boolean',
        default: false,
        describe: 'Exit with 1 if there is anything to do, or if it would violate a policy',
      }),
  run: async (args, terminal) => {
    const planning = await planOnPending(terminal, args, false);
    const { config, policy, intent, plan, violations, open, misleading, pending, state, name, kind } = planning;
    const title = (): string => stateTitle(`Plan for policy "${intent.policy}"`, name, state, terminal.paint);
    const evidence = reportEvidence(terminal, args, { policies: policy.ofRun(), sources: [{ kind, name, state }] });
    const shown = { pending, violations, open, full: args.full, evidence };
    const usable = plan.obstacles.length + violations.length + pending.length === 0;
    if (args.format !== 'mongosh')
      await printReport(terminal, args.format, {
        evidence,
        text: () => `${title()}\n\n${planText(plan, terminal.paint, shown)}\n`,
        json: () => jsonText(planJson(plan, evidence, shown)),
        markdown: () => planMarkdown(plan, `policy "${intent.policy}" and ${name}`, evidence, shown),
        findings: (facts) => planFindings(plan, shown, name, intent.files, facts),
      });
    else if (usable) {
      refuseSecrets(plan.operations);
      terminal.out(mongoshScript(plan, evidence));
    }
    for (const { file, misleading: sentences } of misleading) {
      terminal.err(`migrate apply will refuse this: ${file.name} says something else than its operations do\n`);
      for (const sentence of sentences) terminal.err(`  ${sentence}\n`);
    }
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
    if (args.output !== undefined || args.format === 'mongosh') refuseUnwritable(violations, pending);
    if (args.output !== undefined) {
      refuseSecrets(plan.operations);
      const rotate = (args.rotate ?? []).map(rotatedUser);
      writePlan(terminal, args.output, planFile(plan, { intent, state, name, prune: args.prune, rotate }, evidence));
      const named = clusterOption(args.cluster, config, ' --cluster …');
      terminal.err(`written: ${args.output}; once approved: mongoward migrate apply --plan ${args.output}${named}\n`);
    }
    return args.check && plan.operations.length + violations.length + misleading.length > 0 ? 1 : 0;
  },
});

function refuseUnwritable(violations: readonly Violation[], pending: readonly MigrationFile[]): void {
  if (violations.length > 0) {
    throw new Failure('the plan was not written, because it would violate a policy', {
      advice: 'the plan names each violation',
    });
  }
  if (pending.length === 0) return;
  throw new Failure(
    `the plan was not written, because ${count(pending.length, 'migration')} ${pending.length === 1 ? 'is' : 'are'} pending`,
    {
      advice: 'mongoward migrate new writes it as the next migration',
    },
  );
}
