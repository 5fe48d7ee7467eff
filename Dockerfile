# loglake in a container: not root, nothing of the image can be written. Built from a clean checkout: docker build -t loglake:0.1.0 .
# docs/deploy.md says how it is run, and how its SBOM is made.
FROM node:22.12.0-bookworm-slim AS build
WORKDIR /src
COPY . .
# Everything that the tests need stays behind here: what is packed is what npm would publish.
RUN npm ci --no-audit --no-fund \
 && npm pack --pack-destination /tmp \
 && mkdir -p /opt/loglake && cp package-lock.json /opt/loglake/ \
 && tar -xzf /tmp/loglake-*.tgz -C /opt/loglake --strip-components=1
WORKDIR /opt/loglake
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && npm sbom --package-lock-only --sbom-format cyclonedx --omit dev > /opt/loglake/sbom.cdx.json

FROM node:22.12.0-bookworm-slim
LABEL org.opencontainers.image.title="loglake" \
      org.opencontainers.image.description="An audit log lake for AI on AWS" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    HOME=/var/lib/loglake \
    XDG_CACHE_HOME=/var/lib/loglake/cache \
    LOGLAKE_CONFIG=/etc/loglake/loglake.yaml
RUN groupadd --gid 10001 loglake \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/loglake --shell /usr/sbin/nologin loglake \
 && mkdir -p /var/lib/loglake /etc/loglake \
 && chown 10001:10001 /var/lib/loglake
COPY --from=build /opt/loglake /opt/loglake
COPY deploy/loglake.yaml /etc/loglake/loglake.yaml
RUN ln -s /opt/loglake/dist/cli/loglake.cjs /usr/local/bin/loglake
USER 10001:10001
WORKDIR /var/lib/loglake
# A volume that is mounted here takes over whom the folder belongs to.
VOLUME ["/var/lib/loglake", "/tmp"]
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/opt/loglake/dist/cli/loglake.cjs"]
CMD ["run"]
