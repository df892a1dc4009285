# The script and the style of the HTML report as a source file, bundled from web/report with what tools/setup took from npm.
#
#   vorrat_web_assets(OUT_VARIABLE)   sets the path of the source
function(vorrat_web_assets out)
  set(packages ${PROJECT_SOURCE_DIR}/.deps/web/node_modules)
  set(bundler ${packages}/.bin/esbuild)
  if(NOT EXISTS ${bundler})
    message(FATAL_ERROR "The charts of reports need packages from npm: run tools/setup, which installs them into .deps/web")
  endif()
  set(web ${PROJECT_SOURCE_DIR}/web/report)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/web)
  set(source ${folder}/web_assets.cpp)
  file(GLOB inputs CONFIGURE_DEPENDS ${web}/src/*)
  add_custom_command(OUTPUT ${folder}/report.js ${folder}/report.css
                     COMMAND ${CMAKE_COMMAND} -E env NODE_PATH=${packages}
                             ${bundler} src/report.js src/report.css --bundle --minify --legal-comments=none --charset=utf8
                             --format=iife --target=es2022,chrome110 --log-level=warning --outdir=${folder}
                     DEPENDS ${inputs} ${web}/package-lock.json
                     WORKING_DIRECTORY ${web} COMMENT "Bundling the charts of the HTML report" VERBATIM)
  add_custom_command(OUTPUT ${source}
                     COMMAND ${CMAKE_COMMAND} -DSCRIPT=${folder}/report.js -DSTYLE=${folder}/report.css -DOUT=${source}
                             -P ${PROJECT_SOURCE_DIR}/cmake/WriteWebAssets.cmake
                     DEPENDS ${folder}/report.js ${folder}/report.css ${PROJECT_SOURCE_DIR}/cmake/WriteWebAssets.cmake VERBATIM)
  set(${out} ${source} PARENT_SCOPE)
endfunction()
