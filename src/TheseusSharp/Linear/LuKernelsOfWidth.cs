using System.Runtime.CompilerServices;

namespace TheseusSharp.Linear;

/// <summary>The factorization with tiles of two lengths; the shorter has 8 columns.</summary>
internal sealed unsafe class LuKernels<TShort, TTall> : LuKernels
    where TShort : unmanaged, IShortRows<TShort, double>
    where TTall : unmanaged, IRows<TTall, double>
{
    /// <summary>Rows of a tile. (A tile lies on its side here: its vectors run along rows of the matrix.)</summary>
    private const int Height = Tile<TShort, double>.Columns;
    private const int Padding = FrontKernels.Padding;
    private const double UnitRoundoff = 1.0 / (1L << 52);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Factor(double* matrix, int size, int* exchanges, double* scratch) =>
        Factor(matrix, Leading(size), 0, size, size, exchanges, scratch);

    /// <summary>Halves the columns, so that most of the work is products of large depth (S. Toledo, 1997).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Factor(
        double* matrix, nint ld, int first, int end, int size, int* exchanges, double* scratch)
    {
        if (end - first <= Padding)
        {
            FactorNarrow(matrix, ld, first, end, size, exchanges);
            return;
        }

        int middle = first + FrontKernels.Padded((end - first) / 2);
        Factor(matrix, ld, first, middle, size, exchanges, scratch);
        SolveRows(matrix, ld, first, middle, end, scratch);
        for (int done = first; done < middle; done += FrontKernels.ChunkDepth)
            Subtract(
                matrix, ld, middle, size, middle, end, done, Math.Min(FrontKernels.ChunkDepth, middle - done), scratch);
        Factor(matrix, ld, middle, end, size, exchanges, scratch);
    }

    /// <summary>Eight columns at most, one after the other: a row of them is one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FactorNarrow(double* matrix, nint ld, int first, int end, int size, int* exchanges)
    {
        double* rest = stackalloc double[Padding];
        for (int column = first; column < end; column++)
        {
            int pivot = FindPivot(matrix + column, ld, column, size);
            exchanges[column] = pivot;
            double* row = matrix + (column * ld);
            if (pivot != column)
                Exchange(row, matrix + (pivot * ld), ld);
            for (int k = 0; k < Padding; k++)
                rest[k] = first + k > column ? row[first + k] : 0;
            TShort right = TShort.Load(rest);
            double divisor = row[column];
            for (int below = column + 1; below < size; below++)
            {
                double* other = matrix + (below * ld) + first;
                double factor = other[column - first] / divisor;
                TShort.Store(other, TShort.MultiplyAdd(right, -factor, TShort.Load(other)));
                other[column - first] = factor;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindPivot(double* column, nint ld, int first, int size)
    {
        int found = first;
        double largest = Math.Abs(column[first * ld]);
        for (int row = first + 1; row < size; row++)
        {
            double candidate = Math.Abs(column[row * ld]);
            if (candidate > largest)
                (found, largest) = (row, candidate);
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exchange(double* a, double* b, nint length)
    {
        for (nint k = 0; k < length; k += Padding)
        {
            TShort left = TShort.Load(a + k);
            TShort.Store(a + k, TShort.Load(b + k));
            TShort.Store(b + k, left);
        }
    }

    /// <summary>Rows of U: L⁻¹ times what is there, six rows at a time, left of which L is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SolveRows(double* matrix, nint ld, int first, int middle, int end, double* scratch)
    {
        for (int row = first; row < middle; row += Height)
        {
            int height = Math.Min(Height, middle - row);
            for (int done = first; done < row; done += FrontKernels.ChunkDepth)
                Subtract(
                    matrix, ld, row, row + height, middle, end, done, Math.Min(FrontKernels.ChunkDepth, row - done),
                    scratch);
            for (int column = middle; column < end; column += Padding)
                for (int i = 1; i < height; i++)
                {
                    double* target = matrix + ((row + i) * ld), l = target + row;
                    TShort sum = TShort.Load(target + column);
                    for (int k = 0; k < i; k++)
                        sum = TShort.MultiplyAdd(TShort.Load(matrix + ((row + k) * ld) + column), -l[k], sum);
                    TShort.Store(target + column, sum);
                }
        }
    }

    /// <summary>
    /// C ← C − L·U for some rows and columns of the matrix. L is packed in groups of six rows; a tile of U stays in the
    /// first-level cache while all of L passes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(
        double* matrix, nint ld, int firstRow, int endRow, int firstColumn, int endColumn, int first, int depth,
        double* packed)
    {
        for (int row = firstRow; row < endRow; row += Height)
            Pack(
                matrix + (row * ld) + first, ld, Math.Min(Height, endRow - row), depth,
                packed + ((row - firstRow) * (nint)depth));
        int column = firstColumn, end = FrontKernels.Padded(endColumn);
        for (; end - column >= TTall.Count; column += TTall.Count)
            for (int row = firstRow; row < endRow; row += Height)
                Tile<TTall, double>.Update(
                    matrix + (first * ld) + column, packed + ((row - firstRow) * (nint)depth),
                    matrix + (row * ld) + column, ld, Height, ld, depth, Math.Min(Height, endRow - row), false);
        for (; column < end; column += Padding)
            for (int row = firstRow; row < endRow; row += Height)
                Tile<TShort, double>.Update(
                    matrix + (first * ld) + column, packed + ((row - firstRow) * (nint)depth),
                    matrix + (row * ld) + column, ld, Height, ld, depth, Math.Min(Height, endRow - row), false);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(double* source, nint ld, int rows, int depth, double* target)
    {
        for (int row = 0; row < rows; row++, source += ld)
            for (nint k = 0; k < depth; k++)
                target[(k * Height) + row] = source[k];
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int FirstDoubtfulPivot(double* matrix, int size)
    {
        nint ld = Leading(size);
        for (int k = 0; k < size; k++)
        {
            double* row = matrix + (k * ld), column = matrix + k;
            double pivot = Math.Abs(row[k]), cancelled = pivot;
            for (int j = 0; j < k; j++, column += ld)
                cancelled += Math.Abs(row[j] * *column);
            if (!(pivot > size * UnitRoundoff * cancelled && pivot < double.PositiveInfinity))
                return k;
        }

        return -1;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Solve(double* matrix, int size, double* x)
    {
        nint ld = Leading(size);
        for (int row = 1; row < size; row++)
            x[row] -= Dot(matrix + (row * ld), x, row);
        for (int row = size - 1; row >= 0; row--)
        {
            double* diagonal = matrix + (row * (ld + 1));
            x[row] = (x[row] - Dot(diagonal + 1, x + row + 1, size - row - 1)) / *diagonal;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SolveTransposed(double* matrix, int size, double* x)
    {
        nint ld = Leading(size);
        for (int row = 0; row < size; row++)
        {
            double* diagonal = matrix + (row * (ld + 1));
            x[row] /= *diagonal;
            AddMultiple(diagonal + 1, -x[row], x + row + 1, size - row - 1);
        }

        for (int row = size - 1; row > 0; row--)
            AddMultiple(matrix + (row * ld), -x[row], x, row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Dot(double* x, double* y, int length)
    {
        TShort sum = default;
        int k = 0;
        for (; k <= length - Padding; k += Padding)
            sum = TShort.MultiplyAdd(TShort.Load(x + k), TShort.Load(y + k), sum);
        double total = TShort.Sum(sum);
        for (; k < length; k++)
            total = Math.FusedMultiplyAdd(x[k], y[k], total);
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddMultiple(double* x, double scale, double* y, int length)
    {
        int k = 0;
        for (; k <= length - Padding; k += Padding)
            TShort.Store(y + k, TShort.MultiplyAdd(TShort.Load(x + k), scale, TShort.Load(y + k)));
        for (; k < length; k++)
            y[k] = Math.FusedMultiplyAdd(x[k], scale, y[k]);
    }
}
