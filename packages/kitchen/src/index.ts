export { type AnyStage, createEmbeddedStage, createStage } from './create-stage.ts'
export type { DockerStage, DockerStageOptions } from './docker/docker-stage.ts'
export type { DockerInspection } from './docker/inspect.ts'
export { DOCKER_PORTS } from './docker/layout.ts'
export { EmbeddedStage } from './embedded/embedded-stage.ts'
export { homeFolder, REPOSITORY } from './embedded/home.ts'
export { type PortHolder, portHolder } from './embedded/ports/holder.ts'
export { inspectDocker } from './inspect-docker.ts'
export * from './stage.ts'
export {
  DEFAULT_PORTS,
  HOP_NAMES,
  HOPS,
  type Hop,
  type HopName,
  type Layout,
  type ProxyDefinition,
  proxyDefinitions,
  SERVICES,
  type ServiceName,
  serviceEnvironment,
} from './topology.ts'
