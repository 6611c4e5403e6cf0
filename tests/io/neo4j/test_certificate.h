// TestCertificate: a key and a certificate for it that nobody but itself vouches for.
//
// Thread contract: a value; what it hands out lives as long as it does.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace engine::io::test {

class TestCertificate {
 public:
  /// `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
  explicit TestCertificate(const std::string& names)
      : key_(EVP_EC_gen("P-256"), EVP_PKEY_free), certificate_(X509_new(), X509_free) {
    constexpr long kHour = 3600;
    X509* const x = certificate_.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -kHour);
    X509_gmtime_adj(X509_getm_notAfter(x), kHour);
    X509_set_pubkey(x, key_.get());
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str()),
        X509_EXTENSION_free);
    X509_NAME* const subject = X509_get_subject_name(x);
    const auto* const who = reinterpret_cast<const unsigned char*>("a test of engine");
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, who, -1, -1, 0);
    X509_set_issuer_name(x, subject);
    if (extension == nullptr || X509_add_ext(x, extension.get(), -1) != 1 ||
        X509_sign(x, key_.get(), EVP_sha256()) == 0) {
      throw std::runtime_error("OpenSSL makes no certificate for " + names);
    }
  }

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }

  /// As the system's store of certificates has it.
  std::string pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(out.get(), certificate());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

}  // namespace engine::io::test
