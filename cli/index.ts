// What a configuration file imports: `import { defineConfig, naapSurface } from 'naap-gate'`.
export { defineConfig, type EnvironmentInput } from './config/schema.ts';
export { naapSurface } from '../suites/naap-surface.ts';
