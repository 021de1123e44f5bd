namespace TheseusSharp.Linear;

/// <summary>A number as a type: the JIT compiles one kernel for each, and drops what is not needed.</summary>
internal interface ILength
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}

/// <summary>1.</summary>
internal readonly struct One : ILength
{
    public static int Value => 1;
}

/// <summary>2.</summary>
internal readonly struct Two : ILength
{
    public static int Value => 2;
}

/// <summary>3.</summary>
internal readonly struct Three : ILength
{
    public static int Value => 3;
}

/// <summary>4.</summary>
internal readonly struct Four : ILength
{
    public static int Value => 4;
}

/// <summary>5.</summary>
internal readonly struct Five : ILength
{
    public static int Value => 5;
}

/// <summary>6.</summary>
internal readonly struct Six : ILength
{
    public static int Value => 6;
}
