using System.Numerics;
using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public unsafe class FrontKernelsTests
{
    /// <summary>Every width, in double and in float.</summary>
    public static TheoryData<int, bool> Kernels => new()
    {
        { 128, false }, { 256, false }, { 512, false }, { 128, true }, { 256, true }, { 512, true },
    };

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Square_equals_the_definition_and_touches_nothing_else(int bits, bool isSingle)
    {
        foreach (int columns in new[] { 1, 2, 3, 4, 5, 6, 7, 9, 13, 100, 487 })
            foreach (int first in new[] { 0, 3, 7 })
                foreach (int more in new[] { 0, 3, 40 })
                    foreach (int depth in new[] { 1, 6, 95, 97, 200 })
                        if (isSingle)
                            CheckSquare(FrontKernels.ForSingle(bits), first, columns, more, depth);
                        else
                            CheckSquare(FrontKernels.For(bits), first, columns, more, depth);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Elimination_of_some_columns_equals_the_definition(int bits, bool isSingle)
    {
        foreach (int columns in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 15, 48, 49, 51, 100, 211 })
            foreach (int more in new[] { 0, 1, 40, 300 })
                if (isSingle)
                    CheckElimination(FrontKernels.ForSingle(bits), columns, FrontKernels.Padded(columns + more));
                else
                    CheckElimination(FrontKernels.For(bits), columns, FrontKernels.Padded(columns + more));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Triangular_solves_of_an_eliminated_panel_equal_the_definition(int bits, bool isSingle)
    {
        foreach (int columns in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 15, 48, 100 })
            foreach (int more in new[] { 0, 1, 40 })
                if (isSingle)
                    CheckSolves(FrontKernels.ForSingle(bits), columns, FrontKernels.Padded(columns + more));
                else
                    CheckSolves(FrontKernels.For(bits), columns, FrontKernels.Padded(columns + more));
    }

    private static void CheckSquare<T>(FrontKernels<T> kernels, int first, int columns, int more, int depth)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int end = first + columns, rows = FrontKernels.Padded(end + more);
        using NativeBuffer<T> a = Random<T>(rows * depth, 1), c = Random<T>(rows * (end + 1), 2);
        using NativeBuffer<T> scratch = new(FrontKernels.ScratchLength);
        T[] before = new Span<T>(c.Pointer, rows * (end + 1)).ToArray();
        kernels.Square(a.Pointer, rows, c.Pointer, rows, first, end, rows, depth, scratch.Pointer);
        for (int j = first; j < end; j++)
            for (int i = j; i < rows; i++)
            {
                double expected = 0;
                for (int k = 0; k < depth; k++)
                    expected -= Number(a.Pointer[i + (k * rows)]) * Number(a.Pointer[j + (k * rows)]);
                if (!(Math.Abs(expected - Number(c.Pointer[i + (j * rows)])) <= 1e-12 * Unit<T>()))
                    Assert.Fail($"columns {first} to {end}, {rows} rows, depth {depth}: wrong at ({i}, {j})");
            }

        Assert.Equal(before[..(first * rows)], new Span<T>(c.Pointer, first * rows).ToArray());
        Assert.Equal(before[(end * rows)..], new Span<T>(c.Pointer + (end * rows), rows).ToArray());
    }

    /// <summary>L, extended by the unit matrix below its pivots, must undo the solves.</summary>
    private static void CheckSolves<T>(FrontKernels<T> kernels, int columns, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using NativeBuffer<T> panel = Random<T>(rows * columns, 5), z = Random<T>(rows, 6);
        using NativeBuffer<T> scratch = new(FrontKernels.ScratchLength), least = new(columns);
        T* l = panel.Pointer;
        for (int j = 0; j < columns; j++)
            l[j * (rows + 1)] += T.CreateChecked(columns);
        Assert.Equal(-1, kernels.Eliminate(l, columns, rows, least.Pointer, scratch.Pointer));
        T[] right = new Span<T>(z.Pointer, rows).ToArray();
        kernels.SolveForward(l, columns, rows, z.Pointer);
        for (int i = 0; i < rows; i++)
        {
            double product = i < columns ? 0 : Number(z.Pointer[i]);
            for (int k = 0; k < columns && k <= i; k++)
                product += Entry(i, k) * Number(z.Pointer[k]);
            Assert.Equal(Number(right[i]), product, 1e-12 * Unit<T>());
        }

        right = new Span<T>(z.Pointer, rows).ToArray();
        kernels.SolveBackward(l, columns, rows, z.Pointer);
        Assert.Equal(right[columns..], new Span<T>(z.Pointer + columns, rows - columns).ToArray());
        for (int j = 0; j < columns; j++)
        {
            double product = 0;
            for (int i = j; i < rows; i++)
                product += Entry(i, j) * Number(z.Pointer[i]);
            Assert.Equal(Number(right[j]), product, 1e-12 * Unit<T>());
        }

        double Entry(int i, int j) => i == j ? 1 / Number(l[i + (j * rows)]) : Number(l[i + (j * rows)]);
    }

    /// <summary>L·Lᵀ must give the columns back.</summary>
    private static void CheckElimination<T>(FrontKernels<T> kernels, int columns, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using NativeBuffer<T> panel = Random<T>(rows * columns, 3);
        using NativeBuffer<T> scratch = new(FrontKernels.ScratchLength), least = new(columns);
        T* l = panel.Pointer;
        for (int j = 0; j < columns; j++)
            l[j * (rows + 1)] += T.CreateChecked(columns);
        T[] before = new Span<T>(l, rows * columns).ToArray();
        Assert.Equal(-1, kernels.Eliminate(l, columns, rows, least.Pointer, scratch.Pointer));
        for (int j = 0; j < columns; j++)
            for (int i = j; i < rows; i++)
            {
                double product = 0;
                for (int k = 0; k <= j; k++)
                    product += Entry(i, k) * Entry(j, k);
                if (!(Math.Abs(product - Number(before[i + (j * rows)])) <= 1e-13 * Unit<T>() * columns * columns))
                    Assert.Fail($"{columns} columns, {rows} rows: wrong at ({i}, {j})");
            }

        double Entry(int i, int j) => i == j ? 1 / Number(l[i + (j * rows)]) : Number(l[i + (j * rows)]);
    }

    private static double Number<T>(T number)
        where T : INumberBase<T> => double.CreateChecked(number);

    /// <summary>How many times the precision of double this is.</summary>
    private static double Unit<T>() => typeof(T) == typeof(float) ? 1 << 29 : 1;

    private static NativeBuffer<T> Random<T>(int length, int seed)
        where T : unmanaged, INumberBase<T>
    {
        var buffer = new NativeBuffer<T>(length);
        RandomMatrix.Vector(length, seed).Select(T.CreateTruncating).ToArray()
            .CopyTo(new Span<T>(buffer.Pointer, length));
        return buffer;
    }
}
