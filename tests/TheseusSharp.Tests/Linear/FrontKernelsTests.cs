using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public unsafe class FrontKernelsTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Square_equals_the_definition_and_touches_nothing_else(int bits)
    {
        foreach (int columns in new[] { 1, 2, 3, 4, 5, 6, 7, 9, 13, 100, 487 })
            foreach (int first in new[] { 0, 3, 7 })
                foreach (int more in new[] { 0, 3, 40 })
                    foreach (int depth in new[] { 1, 6, 95, 97, 200 })
                        CheckSquare(FrontKernels.For(bits), first, columns, more, depth);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Elimination_of_some_columns_equals_the_definition(int bits)
    {
        foreach (int columns in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 15, 48, 49, 51, 100, 211 })
            foreach (int more in new[] { 0, 1, 40, 300 })
                CheckElimination(FrontKernels.For(bits), columns, FrontKernels.Padded(columns + more));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Triangular_solves_of_an_eliminated_panel_equal_the_definition(int bits)
    {
        foreach (int columns in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 15, 48, 100 })
            foreach (int more in new[] { 0, 1, 40 })
                CheckSolves(FrontKernels.For(bits), columns, FrontKernels.Padded(columns + more));
    }

    private static void CheckSquare(FrontKernels kernels, int first, int columns, int more, int depth)
    {
        int end = first + columns, rows = FrontKernels.Padded(end + more);
        using NativeBuffer a = Random(rows * depth, 1), c = Random(rows * (end + 1), 2);
        using NativeBuffer scratch = new(FrontKernels.ScratchLength);
        double[] before = new Span<double>(c.Pointer, rows * (end + 1)).ToArray();
        kernels.Square(a.Pointer, rows, c.Pointer, rows, first, end, rows, depth, scratch.Pointer);
        for (int j = first; j < end; j++)
            for (int i = j; i < rows; i++)
            {
                double expected = 0;
                for (int k = 0; k < depth; k++)
                    expected -= a.Pointer[i + (k * rows)] * a.Pointer[j + (k * rows)];
                if (!(Math.Abs(expected - c.Pointer[i + (j * rows)]) <= 1e-12))
                    Assert.Fail($"columns {first} to {end}, {rows} rows, depth {depth}: wrong at ({i}, {j})");
            }

        Assert.Equal(before[..(first * rows)], new Span<double>(c.Pointer, first * rows).ToArray());
        Assert.Equal(before[(end * rows)..], new Span<double>(c.Pointer + (end * rows), rows).ToArray());
    }

    /// <summary>L, extended by the unit matrix below its pivots, must undo the solves.</summary>
    private static void CheckSolves(FrontKernels kernels, int columns, int rows)
    {
        using NativeBuffer panel = Random(rows * columns, 5), z = Random(rows, 6);
        using NativeBuffer scratch = new(FrontKernels.ScratchLength), least = new(columns);
        double* l = panel.Pointer;
        for (int j = 0; j < columns; j++)
            l[j * (rows + 1)] += columns;
        Assert.Equal(-1, kernels.Eliminate(l, columns, rows, least.Pointer, scratch.Pointer));
        double[] right = new Span<double>(z.Pointer, rows).ToArray();
        kernels.SolveForward(l, columns, rows, z.Pointer);
        for (int i = 0; i < rows; i++)
        {
            double product = i < columns ? 0 : z.Pointer[i];
            for (int k = 0; k < columns && k <= i; k++)
                product += Entry(i, k) * z.Pointer[k];
            Assert.Equal(right[i], product, 1e-12);
        }

        right = new Span<double>(z.Pointer, rows).ToArray();
        kernels.SolveBackward(l, columns, rows, z.Pointer);
        Assert.Equal(right[columns..], new Span<double>(z.Pointer + columns, rows - columns).ToArray());
        for (int j = 0; j < columns; j++)
        {
            double product = 0;
            for (int i = j; i < rows; i++)
                product += Entry(i, j) * z.Pointer[i];
            Assert.Equal(right[j], product, 1e-12);
        }

        double Entry(int i, int j) => i == j ? 1 / l[i + (j * rows)] : l[i + (j * rows)];
    }

    /// <summary>L·Lᵀ must give the columns back.</summary>
    private static void CheckElimination(FrontKernels kernels, int columns, int rows)
    {
        using NativeBuffer panel = Random(rows * columns, 3);
        using NativeBuffer scratch = new(FrontKernels.ScratchLength), least = new(columns);
        double* l = panel.Pointer;
        for (int j = 0; j < columns; j++)
            l[j * (rows + 1)] += columns;
        double[] before = new Span<double>(l, rows * columns).ToArray();
        Assert.Equal(-1, kernels.Eliminate(l, columns, rows, least.Pointer, scratch.Pointer));
        for (int j = 0; j < columns; j++)
            for (int i = j; i < rows; i++)
            {
                double product = 0;
                for (int k = 0; k <= j; k++)
                    product += Entry(i, k) * Entry(j, k);
                if (!(Math.Abs(product - before[i + (j * rows)]) <= 1e-13 * columns * columns))
                    Assert.Fail($"{columns} columns, {rows} rows: wrong at ({i}, {j})");
            }

        double Entry(int i, int j) => i == j ? 1 / l[i + (j * rows)] : l[i + (j * rows)];
    }

    private static NativeBuffer Random(int length, int seed)
    {
        var buffer = new NativeBuffer(length);
        RandomMatrix.Vector(length, seed).CopyTo(new Span<double>(buffer.Pointer, length));
        return buffer;
    }
}
