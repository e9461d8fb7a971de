/** What is said of a kind of finding besides the findings themselves. */
export interface DriftRule {
  /** `family/what` */
  readonly name: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** What it finds, in a sentence without a full stop. */
  readonly description: string;
  /** What could happen, and to whom. */
  readonly danger: string;
  /** What makes the finding go away, in sentences. */
  readonly remedy: string;
}
