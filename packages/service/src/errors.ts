/** The errors alone, without Fastify and pg, for whoever only throws or catches them. */
export { DatabaseUnavailableError } from './database/errors.ts'
export { HttpProblem, type ProblemDetails, type ProblemError } from './http/problem.ts'
export { EXIT_CONFIGURATION, type FatalDetails, FatalError } from './lifecycle/fatal.ts'
