package basin.service;

import basin.study.Refusal;

/**
 * The configuration of a service's HTTP server.
 *
 * @param name name of the service, in lower case with hyphens, such as {@code flatness-probe}
 * @param host address to listen on
 * @param port port to listen on, 0 for any free port
 */
public record ServiceConfig(String name, String host, int port) {
    private static final String LOOPBACK = "127.0.0.1";

    public ServiceConfig {
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw new Refusal("name is '" + name + "'; use lower-case letters, digits and hyphens.");
        }
        if (host.isBlank()) {
            throw new Refusal("host is empty; give an address to listen on, such as 127.0.0.1.");
        }
        if (port < 0 || port > 65_535) {
            throw new Refusal("port is " + port + "; use 0 (any that is free) to 65535.");
        }
    }

    /** Returns the configuration of a service that is reachable only from this machine. */
    public static ServiceConfig onLoopback(String name, int port) {
        return new ServiceConfig(name, LOOPBACK, port);
    }
}
