import { subscribe } from 'node:diagnostics_channel'
import { context } from '@opentelemetry/api'
import { getRPCMetadata } from '@opentelemetry/core'
import type { FastifyInstance } from 'fastify'
import { flushTelemetry } from '../shutdown.ts'

/**
 * Gives the server span of each Fastify request the name of its route, by Fastify's own diagnostics channel: no span
 * more, as an instrumentation of Fastify would add. And exports what is pending when an instance closes, so that the
 * last requests before a graceful stop aren't lost.
 */
export function watchFastify(): void {
  subscribe('fastify.initialization', (message) => {
    if (!isInitialization(message)) return
    message.fastify.addHook('onRequest', (request, _reply, done) => {
      const metadata = getRPCMetadata(context.active())
      if (metadata && request.routeOptions.url) metadata.route = request.routeOptions.url
      done()
    })
    message.fastify.addHook('onClose', () => flushTelemetry())
  })
}

function isInitialization(message: unknown): message is { fastify: FastifyInstance } {
  return typeof message === 'object' && message !== null && 'fastify' in message
}
