#pragma once
#include <crypt.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/statvfs.h>

/* Declared here because Glibc's module is compiled without _GNU_SOURCE. */
static inline int wenming_accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    extern int accept4(int, struct sockaddr *, socklen_t *, int);
    return accept4(listener, address, length, flags);
}
