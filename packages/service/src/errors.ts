/** The errors alone, without Fastify and pg, for whoever only throws or catches them. */
export { DatabaseUnavailableError } from './database/errors.ts'
export { HttpProblem, type ProblemDetails, type ProblemError } from './http/problem.ts'
