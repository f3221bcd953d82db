package io.refreshd.alert;

import io.refreshd.grant.Secret;

/** How we log in to a mail server (SMTP AUTH). */
public record MailLogin(String username, Secret password) {}
