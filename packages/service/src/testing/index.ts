export { startTestPostgres, type TestPostgres } from './test-postgres.ts'
export { untilReady } from './until-ready.ts'
