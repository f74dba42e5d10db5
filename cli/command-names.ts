// Every word that follows `naap-gate` and is no gate (DESIGN §7): no gate of one's own may hide one. Read by the configuration.

const COMMANDS: readonly string[] = [
  'baseline',
  'bundle',
  'calibrate',
  'check',
  'cutover',
  'dashboard',
  'decide',
  'doctor',
  'evidence',
  'explain',
  'help',
  'init',
  'list',
  'merge',
  'new',
  'note',
  'replay',
  'report',
  'rollback',
  'runs',
  'signoff',
  'twin',
  'verify',
  'waive',
  'watch',
];

/** Also the names under which single checks and stages of the cutover run. */
export function isCommand(name: string): boolean {
  return COMMANDS.includes(name) || name.startsWith('check-') || name.startsWith('cutover-');
}
