#include "core/host/check/elf_file.hpp"

#include <elf.h>
#include <link.h>

#include <cstring>
#include <fstream>
#include <optional>

namespace jarvis {

namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

/** A copy of what lies at `offset`; nothing when the file ends before. */
template <class T>
std::optional<T> read_at(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::optional<Section> section_at(std::string_view bytes, const Header& header,
                                  std::uint64_t index) {
  if (index >= header.e_shnum) return std::nullopt;
  return read_at<Section>(bytes, header.e_shoff + index * sizeof(Section));
}

std::optional<std::string> text_at(std::string_view bytes, std::uint64_t offset) {
  if (offset >= bytes.size()) return std::nullopt;
  const std::size_t end = bytes.find('\0', offset);
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(bytes.substr(offset, end - offset));
}

bool is_exported(const Symbol& symbol) {
  const unsigned binding = symbol.st_info >> 4;
  const unsigned visibility = symbol.st_other & 3;
  return symbol.st_shndx != SHN_UNDEF && binding != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

Error unreadable() {
  return {ErrorKind::invalid, "it is no shared object that can be read", ""};
}

}  // namespace

bool is_for_this_machine(std::string_view bytes) {
  std::string own(sizeof(Header), '\0');
  std::ifstream("/proc/self/exe", std::ios::binary)
      .read(own.data(), static_cast<std::streamsize>(own.size()));
  const auto theirs = read_at<Header>(bytes, 0);
  const auto ours = read_at<Header>(own, 0);
  return theirs && ours && std::memcmp(theirs->e_ident, ours->e_ident, EI_VERSION) == 0 &&
         theirs->e_machine == ours->e_machine;
}

Result<std::vector<std::string>> exported_symbols(std::string_view bytes) {
  const auto header = read_at<Header>(bytes, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_shentsize != sizeof(Section))
    return unreadable();
  for (std::uint64_t i = 0; i < header->e_shnum; ++i) {
    const auto table = section_at(bytes, *header, i);
    if (!table) return unreadable();
    if (table->sh_type != SHT_DYNSYM) continue;
    const auto names = section_at(bytes, *header, table->sh_link);
    if (!names) return unreadable();
    std::vector<std::string> exported;
    for (std::uint64_t at = 0; at + sizeof(Symbol) <= table->sh_size; at += sizeof(Symbol)) {
      const auto symbol = read_at<Symbol>(bytes, table->sh_offset + at);
      if (!symbol) return unreadable();
      if (!is_exported(*symbol)) continue;
      const auto name = text_at(bytes, names->sh_offset + symbol->st_name);
      if (!name) return unreadable();
      exported.push_back(*name);
    }
    return exported;
  }
  return unreadable();
}

}  // namespace jarvis
