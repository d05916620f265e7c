# The image of wenming. docker build -t wenming . && docker run -p 8080:8080 -v wenming:/data wenming

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcrypt-dev libcurl4-openssl-dev libsqlite3-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
# The manifest names the test targets, whose folders must therefore exist.
COPY Tests Tests
# Swift's own libraries go into the binary, so that the image below needs none of them.
RUN swift build --configuration release --static-swift-stdlib --product wenming \
    && install -D "$(swift build --configuration release --show-bin-path)/wenming" /out/wenming \
    && strip /out/wenming

# The same Debian as above: the binary is linked against its libraries.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl libcrypt1 libsqlite3-0 libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /data wenming \
    && install -d -o wenming -g wenming -m 0700 /data
COPY --from=build /out/wenming /usr/local/bin/wenming
COPY openapi.yaml /usr/local/share/wenming/openapi.yaml
ENV WENMING_LISTEN=0.0.0.0:8080 WENMING_DATA=/data WENMING_OPENAPI=/usr/local/share/wenming/openapi.yaml
USER wenming
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["curl", "--fail", "--silent", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["wenming"]
CMD ["serve"]
