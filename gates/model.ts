// The model: the one door through which every other folder reads gates/ (DESIGN §5).
export * from './model/check.ts';
export * from './model/comparator.ts';
export * from './model/compared-tables.ts';
export * from './model/criterion.ts';
export * from './model/data-mapping.ts';
export * from './model/databases.ts';
export * from './model/environment.ts';
export * from './model/errors.ts';
export * from './model/evidence.ts';
export * from './model/events.ts';
export * from './model/meanings.ts';
export * from './model/measurement.ts';
export * from './model/report.ts';
export * from './model/reporter.ts';
export * from './model/surface.ts';
export * from './model/verdicts.ts';
export * from './model/waiver.ts';
