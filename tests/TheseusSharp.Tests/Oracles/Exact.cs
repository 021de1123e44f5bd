namespace TheseusSharp.Tests.Oracles;

/// <summary>Doubles as the double-double numbers that they are.</summary>
internal static class Exact
{
    public static DoubleDouble[] Of(double[] values) => Array.ConvertAll(values, static x => (DoubleDouble)x);

    public static DoubleDouble[][] Of(double[][] arguments) => Array.ConvertAll(arguments, Of);

    /// <summary>The sum of products.</summary>
    public static DoubleDouble Dot(DoubleDouble[] a, double[] b)
    {
        DoubleDouble sum = 0;
        for (int k = 0; k < a.Length; k++)
            sum += a[k] * b[k];
        return sum;
    }
}
