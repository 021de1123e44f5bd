using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Values as plain numbers.</summary>
internal static class Numbers
{
    /// <summary>The storage of a variable.</summary>
    public static double[] Of(Values values, Variable variable, int element = 0)
    {
        var storage = new double[variable.Kind.StorageLength];
        values.CopyTo(variable, element, storage);
        return storage;
    }

    /// <summary>The bits of some variables, for comparisons that let no bit differ.</summary>
    public static long[] Bits(Values values, IEnumerable<Variable> variables, int element = 0) =>
        [.. variables.SelectMany(variable => Of(values, variable, element)).Select(BitConverter.DoubleToInt64Bits)];

    /// <summary>Numbers of one type over any scalar, as literals.</summary>
    public static Scalar[] Literals(double[] numbers) => Array.ConvertAll(numbers, x => (Scalar)x);
}
