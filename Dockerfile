# The program, compiled from these sources, on an image without shell or package manager. State is a volume.
#
#   docker build -t mesh .
#   docker run --rm -v mesh:/state mesh init --endpoint http://192.168.1.20:8787
#   docker run -d --name mesh -v mesh:/state -p 8787:8787 -p 18790:18790 mesh
#   docker exec mesh mesh status

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npx -y deno@2.9.6 task compile --out /out/mesh && mkdir /out/state

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/mesh /usr/local/bin/mesh
# A new volume takes owner and mode from here.
COPY --from=build --chown=65532:65532 --chmod=0700 /out/state /state
ENV MESH_STATE_DIR=/state
VOLUME ["/state"]
USER 65532:65532
# Agent Mesh V1, OGP. Callbacks of chat channels (3457) listen on loopback unless ocg.json says otherwise.
EXPOSE 8787 18790
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["/usr/local/bin/mesh", "service", "ready", "--pid", "1", "--timeout", "5s"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/mesh"]
CMD ["up"]
