namespace TheseusSharp.Kernels;

/// <summary>The number format of a kernel's lanes.</summary>
public enum Precision
{
    /// <summary>64-bit IEEE numbers.</summary>
    Double,

    /// <summary>32-bit IEEE numbers.</summary>
    Single,
}

/// <summary>The bits of a number format.</summary>
internal readonly record struct NumberFormat(Precision Precision)
{
    public bool IsDouble => Precision == Precision.Double;

    public int Bytes => IsDouble ? 8 : 4;

    /// <summary>How many bits the significand stores.</summary>
    public int SignificandBits => IsDouble ? 52 : 23;

    public int ExponentBias => IsDouble ? 1023 : 127;

    /// <summary>2^significand bits: the integers from here on are its low bits.</summary>
    public double IntegerOffset => IsDouble ? 4503599627370496.0 : 8388608.0;

    /// <summary>Added and subtracted again, this rounds to the nearest integer.</summary>
    public double RoundingOffset => 1.5 * IntegerOffset;

    public double MinNormal => IsDouble ? 2.2250738585072014e-308 : 1.17549435e-38f;

    public double MaxValue => IsDouble ? double.MaxValue : float.MaxValue;

    /// <summary>The number whose bits are the significand's, all set.</summary>
    public double SignificandMask => IsDouble
        ? BitConverter.Int64BitsToDouble(0x000F_FFFF_FFFF_FFFF)
        : BitConverter.Int32BitsToSingle(0x007F_FFFF);

    /// <summary>The format of a lane type.</summary>
    public static NumberFormat Of<T>()
        where T : unmanaged => new(typeof(T) == typeof(double) ? Precision.Double : Precision.Single);
}
