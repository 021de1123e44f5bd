using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TheseusSharp.Kernels;

/// <summary>How wide a kernel's vectors are.</summary>
public enum SimdWidth
{
    /// <summary>The widest that the machine runs at speed.</summary>
    Automatic = 0,

    /// <summary>128 bits: 2 doubles or 4 floats.</summary>
    Bits128 = 128,

    /// <summary>256 bits: 4 doubles or 8 floats.</summary>
    Bits256 = 256,

    /// <summary>512 bits: 8 doubles or 16 floats.</summary>
    Bits512 = 512,
}

/// <summary>What runs a kernel.</summary>
public enum KernelBackend
{
    /// <summary><see cref="Compiled"/> where the runtime allows dynamic code, else <see cref="Interpreter"/>.</summary>
    Automatic,

    /// <summary>Machine code, made at run time.</summary>
    Compiled,

    /// <summary>The block interpreter: no code generation, 2 to 5 times slower, the same bits.</summary>
    Interpreter,
}

/// <summary>
/// How functions are compiled. The default chooses by machine; forced options make results repeat across machines.
/// </summary>
/// <param name="Width">The vector width; one that the machine lacks in hardware is an error.</param>
/// <param name="Backend">What runs the kernels.</param>
public sealed record CompilerOptions(
    SimdWidth Width = SimdWidth.Automatic, KernelBackend Backend = KernelBackend.Automatic)
{
    /// <summary>Everything automatic.</summary>
    public static CompilerOptions Default { get; } = new();
}

/// <summary>A machine to make code for.</summary>
/// <param name="Width">The vector width, resolved.</param>
/// <param name="HasFma">Whether it multiplies and adds with one rounding.</param>
/// <param name="Registers">How many vector registers our allocator may use; a few are left to the runtime.</param>
internal readonly record struct Target(SimdWidth Width, bool HasFma, int Registers)
{
    public int Bytes => (int)Width / 8;

    /// <summary>This machine at a width.</summary>
    /// <exception cref="NotSupportedException">The machine has no such vectors in hardware.</exception>
    public static Target Resolve(SimdWidth width)
    {
        if (width == SimdWidth.Automatic)
            width = Widest();
        else if (width > Widest())
            throw new NotSupportedException(
                $"Vectors of {(int)width} bits were asked for, but this machine's widest are {(int)Widest()}: " +
                "force that or leave the width automatic.");
        bool wideFile = Avx512F.VL.IsSupported || AdvSimd.IsSupported;
        return new(width, Fma.IsSupported || AdvSimd.IsSupported, wideFile ? 26 : 13);
    }

    private static SimdWidth Widest() =>
        Vector512.IsHardwareAccelerated ? SimdWidth.Bits512
        : Vector256.IsHardwareAccelerated ? SimdWidth.Bits256
        : SimdWidth.Bits128;
}
