// Runs sample kernels in this process and prints what ran and what came out, one "key: value" a line. ChildProcessTests
// starts it with parts of the machine switched off. Exit code 1: a check failed, and a line "wrong: ..." says which.
using System.Globalization;
using TheseusSharp.KernelProbe;
using TheseusSharp.Kernels;

var probe = new Probe(Console.Out);
probe.Describe();
foreach (string name in (string[])["between", "elementary", "masks", "one scalar", "group result"])
{
    probe.Compare<double>(name, FunctionPart.Value, FunctionPart.Jacobian, FunctionPart.Gradient);
    probe.Compare<float>(name, FunctionPart.Value, FunctionPart.Jacobian, FunctionPart.Gradient);
}

probe.Compare<double>("large", FunctionPart.Value);
probe.Compare<double>("scattered", FunctionPart.Value);
probe.Compare<float>("large", FunctionPart.Value);
probe.CheckAgainstMath();
Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"failures: {probe.Failures}"));
return probe.Failures == 0 ? 0 : 1;
