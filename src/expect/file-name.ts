/** Which files hold expectations. */

/** `audit-trail.test.yaml` */
const EXPECTATION_FILE = /\.test\.(ya?ml|json)$/i;

/** Whether a file of that name holds expectations, and is no policy. */
export function isExpectationFile(name: string): boolean {
  return EXPECTATION_FILE.test(name);
}
