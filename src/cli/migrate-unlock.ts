/** `migrate unlock`: shows who has the lock, and takes it from a dead holder. */
import { Failure } from '../failure.ts';
import { holderText, type LockState, StrangeLockFailure } from '../migrate/cluster.ts';
import { unlockJson } from '../report/json.ts';
import { jsonText } from '../report/json-text.ts';
import { wrap } from '../report/layout.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withCluster, withConfig, withFormat } from './common-options.ts';
import { loadConfig } from './files.ts';
import { usingCluster } from './inputs.ts';

export const migrateUnlock = defineCommand({
  command: 'unlock',
  describe: 'Show who is changing a cluster, and take the lock from a process that is dead',
  examples: [
    ['$0 migrate unlock --cluster prod', 'Take the lock if its holder has not renewed it'],
    ['$0 migrate unlock --cluster prod --force', 'Take it from a holder that seems alive'],
  ],
  options: (yargs) =>
    withFormat(withCluster(withConfig(yargs)), ['text', 'json']).option('force', {
      type: 'boolean',
      default: false,
      describe: 'Take it from a holder that seems alive, or remove what is no lock',
    }),
  run: async (args, terminal) =>
    usingCluster(terminal, args, loadConfig(terminal, args.config), {}, async (cluster, name): Promise<ExitCode> => {
      const held = await cluster.lock().catch(async (error: unknown) => {
        if (!args.force || !(error instanceof StrangeLockFailure)) throw error;
        if (!(await cluster.removeLock(error))) throw changedHands();
        terminal.err(`${error.message}; it was removed\n`);
        return undefined;
      });
      const say = (outcome: 'free' | 'held' | 'unlocked', sentence: string): void =>
        terminal.out(
          args.format === 'json' ? jsonText(unlockJson(outcome, held)) : `${wrap(sentence, 0, terminal.paint.width)}\n`,
        );
      if (held === undefined) {
        say('free', `Nobody has the lock of ${name}.`);
        return 0;
      }
      if (!held.expired && !args.force) {
        say('held', `${described(held)} The holder renewed the lock less than a lease ago, and keeps it.`);
        throw new Failure('the holder of the lock seems to be alive', {
          advice: 'see whether that process runs. If not, wait until the lease is over, or add --force',
        });
      }
      if (!(await cluster.breakLock(held))) {
        throw changedHands();
      }
      say('unlocked', `${described(held)} The lock was taken from it. The next apply finishes what it began.`);
      return 0;
    }),
});

function changedHands(): Failure {
  return new Failure('the lock has changed hands meanwhile', { advice: 'run the command again to see who has it' });
}

function described({ holder, since, expires, expired }: LockState): string {
  const lease = expired ? `Its lease ended at ${expires.toISOString()}` : `Its lease ends at ${expires.toISOString()}`;
  return `${holderText(holder)} has had the lock since ${since.toISOString()}. ${lease}.`;
}
