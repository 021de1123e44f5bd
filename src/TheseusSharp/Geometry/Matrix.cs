using System.Text;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>A small dense matrix, row-major. Immutable once handed out; operators allocate their result.</summary>
/// <typeparam name="T">The scalar.</typeparam>
public readonly struct Matrix<T>
    where T : struct, IScalar<T>
{
    private readonly T[] _entries;

    /// <summary>A matrix over given entries, which it keeps.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="entries">Row by row, <c>rows × columns</c> of them.</param>
    /// <exception cref="ArgumentException">The number of entries does not fit.</exception>
    public Matrix(int rows, int columns, params T[] entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Length != rows * columns)
            throw new ArgumentException(
                $"A {rows}×{columns} matrix has {rows * columns} entries, not {entries.Length}.", nameof(entries));
        Rows = rows;
        Columns = columns;
        _entries = entries;
    }

    /// <summary>How many rows.</summary>
    public int Rows { get; }

    /// <summary>How many columns.</summary>
    public int Columns { get; }

    /// <summary>The entries, row by row.</summary>
    public ReadOnlySpan<T> Entries => _entries;

    /// <summary>The entry at a row and column.</summary>
    public T this[int row, int column] => (uint)column < (uint)Columns
        ? _entries[(row * Columns) + column]
        : throw new ArgumentOutOfRangeException(nameof(column), column, $"The matrix has {Columns} columns.");

    /// <summary>A zero matrix.</summary>
    public static Matrix<T> Zero(int rows, int columns) => new(rows, columns, new T[rows * columns]);

    /// <summary>An identity matrix.</summary>
    public static Matrix<T> Identity(int size)
    {
        var entries = new T[size * size];
        for (int k = 0; k < size; k++)
            entries[k * (size + 1)] = 1;
        return new(size, size, entries);
    }

    /// <summary>The cross-product matrix [v]×, with [v]×·p = v×p.</summary>
    public static Matrix<T> Cross(Point3<T> v) => new(3, 3, 0, -v.Z, v.Y, v.Z, 0, -v.X, -v.Y, v.X, 0);

    /// <summary>[[upperLeft, upperRight], [0, lowerRight]] of four equal blocks.</summary>
    public static Matrix<T> UpperBlocks(Matrix<T> upperLeft, Matrix<T> upperRight, Matrix<T> lowerRight)
    {
        int n = upperLeft.Rows;
        var entries = new T[4 * n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
            {
                entries[(i * 2 * n) + j] = upperLeft[i, j];
                entries[(i * 2 * n) + n + j] = upperRight[i, j];
                entries[((n + i) * 2 * n) + n + j] = lowerRight[i, j];
            }

        return new(2 * n, 2 * n, entries);
    }

    /// <summary>The sum.</summary>
    public static Matrix<T> operator +(Matrix<T> a, Matrix<T> b) => a.Zip(b, static (x, y) => x + y);

    /// <summary>The difference.</summary>
    public static Matrix<T> operator -(Matrix<T> a, Matrix<T> b) => a.Zip(b, static (x, y) => x - y);

    /// <summary>A multiple.</summary>
    public static Matrix<T> operator *(T scale, Matrix<T> a) => a.Zip(a, (x, _) => scale * x);

    /// <summary>The product.</summary>
    /// <exception cref="ArgumentException">The inner sizes differ.</exception>
    public static Matrix<T> operator *(Matrix<T> a, Matrix<T> b)
    {
        if (a.Columns != b.Rows)
            throw new ArgumentException(
                $"A {a.Rows}×{a.Columns} matrix cannot multiply a {b.Rows}×{b.Columns} one: inner sizes must agree.");
        var entries = new T[a.Rows * b.Columns];
        for (int i = 0; i < a.Rows; i++)
            for (int j = 0; j < b.Columns; j++)
            {
                T sum = a[i, 0] * b[0, j];
                for (int k = 1; k < a.Columns; k++)
                    sum += a[i, k] * b[k, j];
                entries[(i * b.Columns) + j] = sum;
            }

        return new(a.Rows, b.Columns, entries);
    }

    /// <summary>The product with a column.</summary>
    public static Vector<T> operator *(Matrix<T> a, Vector<T> x)
    {
        if (a.Columns != x.Length)
            throw new ArgumentException(
                $"A {a.Rows}×{a.Columns} matrix cannot multiply a vector of length {x.Length}.");
        var result = new T[a.Rows];
        a.Multiply(x.AsSpan(), result);
        return new(result);
    }

    /// <summary>The transpose.</summary>
    public Matrix<T> Transpose()
    {
        var entries = new T[Rows * Columns];
        for (int i = 0; i < Rows; i++)
            for (int j = 0; j < Columns; j++)
                entries[(j * Rows) + i] = this[i, j];
        return new(Columns, Rows, entries);
    }

    /// <summary>The entries row by row, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (int i = 0; i < Rows; i++)
            text.Append('[').AppendJoin(", ", _entries[(i * Columns)..((i + 1) * Columns)]).AppendLine("]");
        return text.ToString();
    }

    /// <summary>Refuses a matrix that is too small to be read as something.</summary>
    internal void RequireAtLeast(int rows, int columns, string what)
    {
        if (Rows < rows || Columns < columns)
            throw new ArgumentException(
                $"{what} is read from a {rows}×{columns} matrix or a larger one, not {Rows}×{Columns}.");
    }

    /// <summary>result = A·x.</summary>
    internal void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        for (int i = 0; i < Rows; i++)
        {
            T sum = this[i, 0] * x[0];
            for (int j = 1; j < Columns; j++)
                sum += this[i, j] * x[j];
            result[i] = sum;
        }
    }

    /// <summary>result = Aᵀ·x.</summary>
    internal void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result)
    {
        for (int j = 0; j < Columns; j++)
        {
            T sum = this[0, j] * x[0];
            for (int i = 1; i < Rows; i++)
                sum += this[i, j] * x[i];
            result[j] = sum;
        }
    }

    /// <summary>result += Aᵀ·x, in a chain from what is there.</summary>
    internal void AddMultiplyTransposed(ReadOnlySpan<T> x, Span<T> result)
    {
        for (int j = 0; j < Columns; j++)
            for (int i = 0; i < Rows; i++)
                result[j] += this[i, j] * x[i];
    }

    private Matrix<T> Zip(Matrix<T> other, Func<T, T, T> combine)
    {
        if (Rows != other.Rows || Columns != other.Columns)
            throw new ArgumentException($"Shapes differ: {Rows}×{Columns} and {other.Rows}×{other.Columns}.");
        var entries = new T[_entries.Length];
        for (int k = 0; k < entries.Length; k++)
            entries[k] = combine(_entries[k], other._entries[k]);
        return new(Rows, Columns, entries);
    }
}
