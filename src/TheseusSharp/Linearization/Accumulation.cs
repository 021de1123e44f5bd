using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TheseusSharp.Linear;

namespace TheseusSharp.Linearization;

/// <summary>Sums into memory.</summary>
internal static unsafe class Accumulation
{
    /// <summary>block ← Aᵀ·diag(s)·B, column-major, of some columns of a row-major matrix.</summary>
    /// <param name="scales">The first entry of s.</param>
    /// <param name="a">The first entry of A.</param>
    /// <param name="rows">How many columns A has: rows of the block.</param>
    /// <param name="b">The first entry of B.</param>
    /// <param name="columns">How many columns B has.</param>
    /// <param name="height">How many rows A and B have.</param>
    /// <param name="pitch">How far apart these are.</param>
    /// <param name="block">Receives the block.</param>
    public static void Product(
        double* scales, double* a, int rows, double* b, int columns, int height, int pitch, double* block)
    {
        new Span<double>(block, rows * columns).Clear();
        for (int k = 0; k < height; k++, a += pitch, b += pitch)
            for (int column = 0; column < columns; column++)
                for (int row = 0; row < rows; row++)
                    block[(column * rows) + row] += scales[k] * b[column] * a[row];
    }

    /// <summary>
    /// target ← target + a column-major block, or its transpose, or both; if it is the first, what was there does not
    /// count.
    /// </summary>
    public static void Add(double* block, double* target, int rows, int columns, Placing placing)
    {
        bool isFirst = (placing & Placing.First) != 0;
        if ((placing & Placing.AsItIs) != 0)
        {
            Add(block, target, rows * columns, isFirst);
            isFirst = false;
        }

        if ((placing & Placing.Transposed) == 0)
            return;
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                double* entry = target + (row * columns) + column;
                *entry = (isFirst ? 0 : *entry) + block[(column * rows) + row];
            }
    }

    /// <summary><see cref="Product"/> in each of several lanes.</summary>
    public static void ProductAcross(
        double* scales, double* a, int rows, double* b, int columns, int height, int pitch, double* block, int lanes)
    {
        new Span<double>(block, rows * columns * lanes).Clear();
        for (int k = 0; k < height; k++, a += pitch * lanes, b += pitch * lanes)
            for (int column = 0; column < columns; column++)
                for (int row = 0; row < rows; row++)
                    LaneKernels.AddProduct(
                        scales + (k * lanes), a + (row * lanes), b + (column * lanes),
                        block + (((column * rows) + row) * lanes), lanes);
    }

    /// <summary>The same in each of several lanes.</summary>
    public static void AddAcross(double* block, double* target, int rows, int columns, Placing placing, int lanes)
    {
        bool isFirst = (placing & Placing.First) != 0;
        if ((placing & Placing.AsItIs) != 0)
        {
            Add(block, target, rows * columns * lanes, isFirst);
            isFirst = false;
        }

        if ((placing & Placing.Transposed) == 0)
            return;
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                Add(
                    block + (((column * rows) + row) * lanes), target + (((row * columns) + column) * lanes), lanes,
                    isFirst);
    }

    /// <summary>A few dozen numbers: too few for a call to copy them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* numbers, double* target, int length, bool isFirst)
    {
        if (isFirst)
            Copy(numbers, target, length);
        else
            Add(numbers, target, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(double* numbers, double* target, int length)
    {
        int k = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; k <= length - 8; k += 8)
                Vector512.Load(numbers + k).Store(target + k);
        if (Vector256.IsHardwareAccelerated)
            for (; k <= length - 4; k += 4)
                Vector256.Load(numbers + k).Store(target + k);
        for (; k < length; k++)
            target[k] = numbers[k];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(double* numbers, double* target, int length)
    {
        int k = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; k <= length - 8; k += 8)
                (Vector512.Load(target + k) + Vector512.Load(numbers + k)).Store(target + k);
        if (Vector256.IsHardwareAccelerated)
            for (; k <= length - 4; k += 4)
                (Vector256.Load(target + k) + Vector256.Load(numbers + k)).Store(target + k);
        for (; k < length; k++)
            target[k] += numbers[k];
    }
}
