using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Linearization;

/// <summary>Sums into memory.</summary>
internal static unsafe class Accumulation
{
    /// <summary>target ← target + source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(double* source, double* target, int length)
    {
        int k = 0;
        for (; k <= length - Vector256<double>.Count; k += Vector256<double>.Count)
            (Vector256.Load(target + k) + Vector256.Load(source + k)).Store(target + k);
        for (; k < length; k++)
            target[k] += source[k];
    }

    /// <summary>target ← target + a column-major block, or its transpose, or both.</summary>
    public static void Add(double* block, double* target, int rows, int columns, Placing placing)
    {
        if (placing != Placing.Transposed)
            Add(block, target, rows * columns);
        if (placing == Placing.AsItIs)
            return;
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                target[(row * columns) + column] += block[(column * rows) + row];
    }
}
