using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public unsafe class FrontKernelsTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Downdate_equals_the_definition_and_touches_nothing_else(int bits)
    {
        foreach (int columns in new[] { 1, 5, 6, 7, 13, 100, 487 })
            foreach (int more in new[] { 0, 3, 40 })
                foreach (int depth in new[] { 1, 6, 95, 97, 200 })
                    CheckDowndate(FrontKernels.For(bits), columns, FrontKernels.Padded(columns + more), depth);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Elimination_of_some_columns_equals_the_definition(int bits)
    {
        foreach (int columns in new[] { 1, 2, 5, 6, 7, 8, 13, 48, 49, 100, 211 })
            foreach (int more in new[] { 0, 1, 40, 300 })
                CheckElimination(FrontKernels.For(bits), columns, FrontKernels.Padded(columns + more));
    }

    private static void CheckDowndate(FrontKernels kernels, int columns, int rows, int depth)
    {
        using NativeBuffer a = Random(rows * depth, 1), c = Random(rows * columns, 2);
        using NativeBuffer scratch = new(FrontKernels.ScratchLength);
        double[] before = new Span<double>(c.Pointer, (rows * columns) + 8).ToArray();
        kernels.Downdate(a.Pointer, rows, c.Pointer, rows, columns, rows, depth, scratch.Pointer);
        for (int j = 0; j < columns; j++)
            for (int i = j; i < rows; i++)
            {
                double expected = before[i + (j * rows)];
                for (int k = 0; k < depth; k++)
                    expected -= a.Pointer[i + (k * rows)] * a.Pointer[j + (k * rows)];
                if (Math.Abs(expected - c.Pointer[i + (j * rows)]) > 1e-12)
                    Assert.Fail($"{columns} columns, {rows} rows, depth {depth}: wrong at ({i}, {j})");
            }

        Assert.Equal(before[^8..], new Span<double>(c.Pointer + (rows * columns), 8).ToArray());
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
                if (Math.Abs(product - before[i + (j * rows)]) > 1e-13 * columns * columns)
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
