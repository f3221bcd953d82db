package io.refreshd.rotation;

/** The name that people know an error's number by. */
final class CodeName {

  private CodeName() {}

  /** {@code AADSTS700082} for Entra's number; those of Azure AD B2C have their name already. */
  static String of(String code) {
    return Character.isDigit(code.charAt(0)) ? "AADSTS" + code : code;
  }
}
