"""C identifiers: a user's name where it is a plain and free one, a generated one otherwise.

Names are data from anywhere (reliability: quotes, newlines, a megabyte of text); only what matches a
pattern and is no word of C, C++ or their libraries gets into the code. In comments and strings a name
is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Hashable

LONGEST = 40

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PATH = re.compile(r"[A-Za-z]\w*(?:\.\w+|\[\d+\])*", re.ASCII)



def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEYWORDS = _words(
    # C99 and C11
    "auto break case char const continue default do double else enum extern float for goto if inline int long register "
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
    # C++17 and what follows it
    "alignas alignof and and_eq asm bitand bitor bool catch char8_t char16_t char32_t class co_await co_return co_yield "
    "compl concept consteval constexpr constinit const_cast decltype delete dynamic_cast explicit export false final "
    "friend import module mutable namespace new noexcept not not_eq nullptr operator or or_eq override private protected "
    "public reinterpret_cast requires static_assert static_cast template this thread_local throw true try typeid typename "
    "typeof typeof_unqual using virtual wchar_t xor xor_eq "
    # macros that compilers and headers may define
    "NAN INFINITY NULL EOF errno assert complex imaginary linux unix i386 near far interface small main "
    "DOMAIN SING OVERFLOW UNDERFLOW PLOSS TLOSS MAXFLOAT HUGE WIN32 offsetof va_list stdin stdout stderr environ "
    "ssize_t off_t pid_t time_t locale_t wint_t max_align_t ptrdiff_t nullptr_t"
)

_MATH = _words(
    "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp10 exp2 expm1 fabs fdim floor fma "
    "fmax fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan "
    "nearbyint nextafter nexttoward pow pow10 remainder remquo rint round scalb scalbln scalbn significand sin sincos "
    "sinh sqrt tan tanh tgamma trunc drem gamma gamma_r lgamma_r j0 j1 jn y0 y1 yn finite isinf isnan"
)

#: What <math.h> gives.
MATH = frozenset(name + suffix for name in _MATH for suffix in ("", "f", "l")) | _words(
    "fpclassify isfinite isnormal signbit isgreater isgreaterequal isless islessequal islessgreater isunordered signgam "
    "HUGE_VAL HUGE_VALF HUGE_VALL FP_NAN FP_INFINITE FP_ZERO FP_SUBNORMAL FP_NORMAL INFINITY NAN float_t double_t "
    "math_errhandling matherr _LIB_VERSION"
)

#: What <string.h> gives.
STRING = _words(
    "memchr memcmp memcpy memmove memset memccpy memmem mempcpy memrchr strcat strchr strcmp strcoll strcpy strcspn strerror "
    "strlen strncat strncmp strncpy strpbrk strrchr strspn strstr strtok strxfrm strdup strndup strcasecmp strncasecmp "
    "strnlen strsep strsignal stpcpy stpncpy strlcpy strlcat strverscmp strfry memfrob basename bcmp bcopy bzero index "
    "rindex ffs ffsl ffsll size_t swab"
)

#: Other functions that compilers know without a header: hiding one is a warning.
BUILTIN = _words(
    "abort abs alloca aligned_alloc atexit atof atoi atol bsearch calloc clock close creal cimag conj carg cabs cproj div "
    "execl execlp execle execv execvp execve exit fabs fork fprintf fputc fputs free fscanf fwrite getc getchar getenv gets "
    "imaxabs isalnum isalpha isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit labs "
    "llabs ldiv link malloc open pipe printf putc putchar puts qsort raise rand random read realloc remove rename scanf "
    "signal sleep snprintf sprintf srand srandom sscanf strtod strtof strtol strtoul system time toascii tolower toupper "
    "unlink vfprintf vfscanf vprintf vscanf vsnprintf vsprintf vsscanf write"
)

_INTEGERS = re.compile(r"u?int(_least|_fast)?(8|16|32|64|128|max|ptr)(_t|_MIN|_MAX|_C)|U?INT(\d+|\w*_(MIN|MAX|C|WIDTH))?|(SIZE|PTRDIFF|WCHAR|WINT)_\w+", re.ASCII)


def is_reserved(name: str) -> bool:
    """Whether C, C++, one of their libraries or modc itself has (or may define) this identifier."""
    return (
        name in KEYWORDS or name in MATH or name in STRING or name in BUILTIN
        or "__" in name or name.lower().startswith("modc_")
        or _INTEGERS.fullmatch(name) is not None or re.fullmatch(r"(FP|FE|MATH)_\w+", name) is not None
    )


class Names:
    """The identifiers of one scope; each thing that has a name asks once and keeps what it got."""

    __slots__ = ("_given", "_number", "_taken")

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._given: dict[Hashable, str] = {}
        self._taken = set(taken)
        self._number = 0

    def of(self, key: Hashable, wanted: str) -> str:
        """The identifier of `key`, made from `wanted` when it is first asked for."""
        found = self._given.get(key)
        if found is None:
            found = self._given[key] = self.fresh(wanted)
        return found

    def fresh(self, wanted: str) -> str:
        """An identifier that nobody else has: `wanted` if it may be, with a suffix, or `v17`."""
        base = plain(wanted)
        if base is not None and is_reserved(base):
            base += "_"
        if base is None or is_reserved(base):
            return self._free("v", True)
        return self._free(base, base in self._taken)

    def give(self, key: Hashable, name: str) -> None:
        """Make `name`, from `fresh`, the identifier of `key`."""
        self._given[key] = name

    def _free(self, base: str, numbered: bool) -> str:
        name = base
        while numbered:
            self._number += 1
            joint = "" if base == "v" else "_"
            name = f"{base.rstrip('_')}{joint}{self._number}"
            numbered = name in self._taken or is_reserved(name)
        self._taken.add(name)
        return name


def plain(name: str) -> str | None:
    """`name` as a C identifier (`layers[0].w` becomes `layers_0_w`), or None where it does not look like one."""
    if len(name) > LONGEST or not name.isascii() or not _PATH.fullmatch(name):
        return None
    found = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") if not _PLAIN.fullmatch(name) else name
    return found if _PLAIN.fullmatch(found) else None


def c_string(text: str, longest: int = 100) -> str:
    """`text` as a C string literal, shortened; everything but plain ASCII as octal escapes."""
    short = text if len(text) <= longest else text[: longest - 3] + "..."
    return '"' + "".join(map(_escaped, short.encode("utf-8", "replace"))) + '"'


def _escaped(byte: int) -> str:
    character = chr(byte)
    return character if character.isascii() and character.isprintable() and character not in '"\\?' else f"\\{byte:03o}"


def comment(text: str, longest: int = 200) -> str:
    """`text` for the inside of a comment: one short line of ASCII that neither ends nor continues anything."""
    text = text if len(text) <= longest else text[: longest - 3] + "..."
    line = "".join(character if character.isascii() and character.isprintable() else "?" for character in text)
    line = line.replace("\\", "/").replace("*/", "* /").replace("/*", "/ *")
    while "??" in line:
        line = line.replace("??", "? ")
    return line.replace("*/", "* /").replace("/*", "/ *")
