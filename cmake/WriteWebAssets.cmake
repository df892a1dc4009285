# cmake -DSCRIPT=report.js -DSTYLE=report.css -DOUT=web_assets.cpp -P WriteWebAssets.cmake
file(READ ${SCRIPT} script)
file(READ ${STYLE} style)
# A script element ends at the first "</script", wherever it stands.
string(REPLACE "</script" "<\\/script" script "${script}")
file(WRITE ${OUT} "// Made by the build from web/report.
#include \"vorrat/report/html.h\"

namespace vorrat::report {

WebAssets web_assets() {
  return {.script = R\"vorrat(${script})vorrat\",
          .style = R\"vorrat(${style})vorrat\"};
}

}  // namespace vorrat::report
")
