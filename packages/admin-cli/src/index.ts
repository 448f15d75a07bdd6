export { runAdmin, type AdminOptions } from './run-admin.ts';
export { EXIT, type ExitCode } from './exit-code.ts';
