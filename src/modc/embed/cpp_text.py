"""The part of NAME.hpp that is the same in every export: views of arrays, results of open size, errors.

C++17 without allocation. @NAME@ and @UPPER@ stand for the export's name. Neighbours: `cpp`.
"""

from __future__ import annotations

TEMPLATES = """\
/* A size that is known when the program runs. */
constexpr std::int64_t any = -1;

namespace detail {

constexpr std::size_t extent(std::int64_t size) { return size == any ? 1U : static_cast<std::size_t>(size); }

template <std::int64_t... Sizes>
struct Shape {
    static constexpr std::size_t axes = sizeof...(Sizes);
    static constexpr std::size_t open_axes = (std::size_t{0} + ... + (Sizes == any ? 1U : 0U));
    static constexpr std::size_t count = (std::size_t{1} * ... * extent(Sizes)); /* of the sizes that are fixed */
    static constexpr std::array<std::int64_t, axes> sizes{{Sizes...}};

    static constexpr bool fits(std::size_t axis, std::size_t size) {
        return sizes[axis] == any || sizes[axis] == static_cast<std::int64_t>(size);
    }
};

/* Booleans as C has them: bytes that are 0 or 1. */
static_assert(sizeof(bool) == 1, "bool has one byte");
inline std::uint8_t *bytes(bool *from) noexcept { return reinterpret_cast<std::uint8_t *>(from); }
inline const std::uint8_t *bytes(const bool *from) noexcept { return reinterpret_cast<const std::uint8_t *>(from); }

} // namespace detail

/* Elements that lie elsewhere, row-major. Sizes are part of the type, `any` where they are not.
 *
 *     View<const double, 3>          from double[3], std::array<double, 3>
 *     View<const double, 2, 3>       from double[2][3], std::array<double, 6>
 *     View<const double, any>        from any array, std::vector, ..., or {pointer, size}
 *     View<const double, any, 3>     from double[N][3], or {pointer, size of the first axis}
 *     View<...>::at(pointer)         from a pointer to enough elements
 */
template <class T, std::int64_t... Sizes>
class View {
    using shape = detail::Shape<Sizes...>;
    template <class C>
    using if_container = std::enable_if_t<
        shape::axes == 1 && shape::open_axes == 1 && !std::is_same_v<std::remove_cv_t<C>, View> &&
        std::is_convertible_v<decltype(std::declval<C &>().data()), T *>>;

public:
    template <std::size_t N>
    constexpr View(T (&from)[N]) noexcept : from_(from) {
        static_assert(shape::axes == 1 && shape::fits(0, N), "an array of another size is needed here");
        resize({static_cast<std::int64_t>(N)});
    }
    template <std::size_t N, std::size_t M>
    constexpr View(T (&from)[N][M]) noexcept : from_(&from[0][0]) {
        static_assert(shape::axes == 2 && shape::fits(0, N) && shape::fits(1, M), "an array of another size is needed here");
        resize({static_cast<std::int64_t>(N), static_cast<std::int64_t>(M)});
    }
    template <class U, std::size_t N, class = std::enable_if_t<shape::open_axes == 0 && std::is_convertible_v<const U *, T *>>>
    constexpr View(const std::array<U, N> &from) noexcept : from_(from.data()) {
        static_assert(N == shape::count, "an array of another size is needed here");
    }
    template <class U, std::size_t N, class = std::enable_if_t<shape::open_axes == 0 && std::is_convertible_v<U *, T *>>>
    constexpr View(std::array<U, N> &from) noexcept : from_(from.data()) {
        static_assert(N == shape::count, "an array of another size is needed here");
    }
    template <class C, class = if_container<C>>
    constexpr View(C &from) noexcept : from_(from.data()) {
        resize({static_cast<std::int64_t>(from.size())});
    }
    template <class C, class = if_container<const C>>
    constexpr View(const C &from) noexcept : from_(from.data()) {
        resize({static_cast<std::int64_t>(from.size())});
    }
    template <class... N, class = std::enable_if_t<sizeof...(N) == shape::open_axes && (sizeof...(N) > 0)>>
    constexpr View(T *from, N... sizes) noexcept : View(at(from, sizes...)) {}
    template <class U, class = std::enable_if_t<std::is_same_v<const U, T>>>
    constexpr View(const View<U, Sizes...> &from) noexcept : from_(from.data()), sizes_(from.sizes()) {}

    /* Nobody checks that there are so many elements. */
    template <class... N>
    static constexpr View at(T *from, N... sizes) noexcept {
        static_assert(sizeof...(N) == shape::open_axes, "one size for each axis that is open");
        const std::array<std::int64_t, sizeof...(N) + 1> given{{static_cast<std::int64_t>(sizes)..., 0}};
        View made;
        made.from_ = from;
        std::size_t next = 0;
        for (std::size_t axis = 0; axis < shape::axes; axis++)
            if (shape::sizes[axis] == any)
                made.sizes_[axis] = given[next++];
        return made;
    }

    constexpr T *data() const noexcept { return from_; }
    constexpr std::int64_t size(std::size_t axis) const noexcept { return sizes_[axis]; }
    constexpr const std::array<std::int64_t, shape::axes> &sizes() const noexcept { return sizes_; }
    constexpr std::size_t size() const noexcept {
        std::size_t count = 1;
        for (std::size_t axis = 0; axis < shape::axes; axis++)
            count *= static_cast<std::size_t>(sizes_[axis]);
        return count;
    }
    constexpr T *begin() const noexcept { return from_; }
    constexpr T *end() const noexcept { return from_ + size(); }
    constexpr T &operator[](std::size_t at) const noexcept { return from_[at]; }
    /* The element at (row, column, ...). */
    template <class... I>
    constexpr T &operator()(I... at) const noexcept {
        static_assert(sizeof...(I) == shape::axes, "one index for each axis");
        const std::array<std::int64_t, shape::axes> index{{static_cast<std::int64_t>(at)...}};
        std::int64_t flat = 0;
        for (std::size_t axis = 0; axis < shape::axes; axis++)
            flat = flat * sizes_[axis] + index[axis];
        return from_[flat];
    }

private:
    constexpr View() noexcept = default;
    constexpr void resize(const std::array<std::int64_t, shape::axes> &sizes) noexcept { sizes_ = sizes; }

    T *from_ = nullptr;
    std::array<std::int64_t, shape::axes> sizes_ = shape::sizes;
};

/* A result of open size: room for `Most` elements, and the sizes that it has. */
template <class T, std::size_t Most, std::int64_t... Sizes>
struct Open {
    std::array<T, Most> elements{};
    std::array<std::int64_t, sizeof...(Sizes)> sizes{{(Sizes == any ? 0 : Sizes)...}};

    constexpr T *data() noexcept { return elements.data(); }
    constexpr const T *data() const noexcept { return elements.data(); }
    constexpr std::size_t size() const noexcept {
        std::size_t count = 1;
        for (const std::int64_t size : sizes)
            count *= static_cast<std::size_t>(size);
        return count;
    }
    constexpr const T *begin() const noexcept { return data(); }
    constexpr const T *end() const noexcept { return data() + size(); }
    constexpr const T &operator[](std::size_t at) const noexcept { return elements[at]; }
    /* The element at (row, column, ...). */
    template <class... I>
    constexpr const T &operator()(I... at) const noexcept {
        static_assert(sizeof...(I) == sizeof...(Sizes), "one index for each axis");
        const std::array<std::int64_t, sizeof...(I)> index{{static_cast<std::int64_t>(at)...}};
        std::int64_t flat = 0;
        for (std::size_t axis = 0; axis < sizeof...(I); axis++)
            flat = flat * sizes[axis] + index[axis];
        return elements[static_cast<std::size_t>(flat)];
    }
};

#ifndef @UPPER@_NO_EXCEPTIONS
/* A Method that could not be called; nothing has changed then. */
class Error : public std::exception {
public:
    explicit Error(int code) noexcept : Error(code, @NAME@_error(code)) {}
    Error(int code, const char *text) noexcept : code_(code), text_(text) {}
    int code() const noexcept { return code_; }
    const char *what() const noexcept override { return text_; }

private:
    int code_;
    const char *text_;
};
#endif
"""
