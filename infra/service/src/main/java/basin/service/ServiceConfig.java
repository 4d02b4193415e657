package basin.service;

import basin.study.Refusal;

/**
 * What a service is told about itself.
 *
 * @param name the service's name, in lower case with hyphens, as in {@code flatness-probe}
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any that is free
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

    /** A service that can be reached from this machine only. */
    public static ServiceConfig onLoopback(String name, int port) {
        return new ServiceConfig(name, LOOPBACK, port);
    }
}
