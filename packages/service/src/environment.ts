import { type Static, type TObject, Type } from 'typebox'
import { Value } from 'typebox/value'
import { FatalError } from './lifecycle/fatal.ts'

/** What every service reads from its environment. */
export const ServiceEnvironment = Type.Object({
  SERVICE_NAME: Type.String({ minLength: 1 }),
  HOST: Type.String({ default: '127.0.0.1', minLength: 1 }),
  PORT: Type.Integer({ minimum: 0, maximum: 65_535 }),
  DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  /** Set by the kitchen: test-only routes exist, and the process ends with its standard input. */
  KITCHEN: Type.Optional(Type.Enum(['0', '1'])),
})
export type ServiceEnvironment = Static<typeof ServiceEnvironment>

/**
 * Parses the variables that a schema names; others are none of its business. An empty variable counts as unset.
 * @throws FatalError that names every variable that is missing or wrong.
 */
export function readEnvironment<Schema extends TObject>(
  schema: Schema,
  environment: NodeJS.ProcessEnv = process.env,
): Static<Schema> {
  const named = Object.keys(schema.properties).flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))
  const value = Value.Convert(schema, Value.Default(schema, Object.fromEntries(named)))
  if (Value.Check(schema, value)) return value
  const faults = Value.Errors(schema, value).map(({ instancePath, message, params }) => {
    if ('requiredProperties' in params) return `${params.requiredProperties.join(', ')} not set`
    const name = instancePath.slice(1)
    return `${name}=${JSON.stringify(environment[name])} ${message}`
  })
  throw new FatalError({
    code: 'BAD_ENVIRONMENT',
    message: `The service can't start: ${faults.join('; ')}.`,
    hint: 'Environment of a service: see docs/architecture.md. `pnpm workshop up` sets it by itself.',
  })
}
